"""What was moved when two rows of persons were joined."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0009_profiles_photos_and_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='joined')),
                ('moved', models.JSONField(blank=True, default=dict, verbose_name='rows that moved')),
                ('lost', models.JSONField(blank=True, default=dict, verbose_name='rows that went')),
                ('accounts', models.JSONField(blank=True, default=dict, verbose_name='what became of the account')),
                ('twins', models.JSONField(blank=True, default=list, verbose_name='addresses that both had')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                ('absorbed', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merged_by', to='people.person')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='people.person')),
            ],
            options={
                'verbose_name': 'joining of two persons',
                'verbose_name_plural': 'joinings of two persons',
                'indexes': [models.Index(fields=['-at'], name='merges_by_day')],
            },
        ),
    ]
