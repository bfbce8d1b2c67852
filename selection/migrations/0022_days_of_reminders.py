from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import selection.models.stages


class Migration(migrations.Migration):

    dependencies = [
        ('selection', '0021_fill_category_of_cases'),
    ]

    operations = [
        migrations.AddField(
            model_name='stage',
            name='reminder_days',
            field=ArrayField(
                base_field=models.PositiveSmallIntegerField(), blank=True,
                default=selection.models.stages.usual_reminders, size=None,
                verbose_name='days before the end on which reviewers are reminded',
            ),
        ),
    ]
