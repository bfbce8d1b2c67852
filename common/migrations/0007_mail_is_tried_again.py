"""A mail that could not be sent has a moment for its next attempt."""

import common.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0006_cache_table'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxmail',
            name='try_at',
            field=models.DateTimeField(default=common.clock.now, verbose_name='next attempt'),
        ),
        migrations.AddIndex(
            model_name='outboxmail',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['try_at', 'id'], name='outbox_queue'),
        ),
    ]
