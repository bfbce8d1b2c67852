"""The dates that parties were told, so that they hear when one slips."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charter', '0002_months_kept'),
        ('selection', '0016_ties_found_by_the_worker'),
    ]

    operations = [
        migrations.CreateModel(
            name='ToldDate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='date')),
                ('was_at', models.DateTimeField(blank=True, null=True, verbose_name='date before')),
                ('overdue', models.BooleanField(default=False, verbose_name='passed without an end')),
                ('batch', models.CharField(blank=True, db_index=True, max_length=12)),
                ('noted_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed')),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told_dates', to='charter.cycle')),
                ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='told_dates', to='selection.stage')),
            ],
            options={
                'verbose_name': 'date that parties were told',
                'verbose_name_plural': 'dates that parties were told',
                'ordering': ['id'],
            },
        ),
    ]
