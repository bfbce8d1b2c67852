"""What came of a cycle, kept as it was published."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charter', '0004_content_versions'),
        ('people', '0009_profiles_photos_and_links'),
        ('selection', '0018_dates_of_dossiers_and_second_looks'),
    ]

    operations = [
        migrations.CreateModel(
            name='TransparencyReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('published_at', models.DateTimeField(verbose_name='published')),
                ('reason', models.TextField(blank=True)),
                ('figures', models.JSONField()),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='charter.cycle')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'verbose_name': 'transparency report',
                'verbose_name_plural': 'transparency reports',
                'ordering': ['cycle', 'number'],
                'constraints': [models.UniqueConstraint(fields=('cycle', 'number'), name='report_version_once'), models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='report_correction_says_why')],
            },
        ),
    ]
