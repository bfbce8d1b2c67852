"""Mail that need not be told at once waits for the mail of the day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0007_mail_is_tried_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='outboxmail',
            name='gathered_in',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='parts', to='common.outboxmail', verbose_name='mail of the day'),
        ),
        migrations.AlterField(
            model_name='outboxmail',
            name='state',
            field=models.CharField(choices=[('queued', 'queued'), ('sent', 'sent'), ('failed', 'failed'), ('withheld', 'withheld'), ('held', 'waits for the mail of the day'), ('gathered', 'in the mail of the day')], default='queued', max_length=10),
        ),
        migrations.AddIndex(
            model_name='outboxmail',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['try_at', 'id'], name='outbox_held'),
        ),
    ]
