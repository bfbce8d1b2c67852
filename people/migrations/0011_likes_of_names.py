"""Names that were sought among the others, and the pairs found alike."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0010_joinings_that_can_be_undone'),
    ]

    operations = [
        migrations.CreateModel(
            name='SoughtName',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='people.person')),
                ('digest', models.CharField(max_length=32)),
            ],
            options={
                'verbose_name': 'name whose likes were looked for',
                'verbose_name_plural': 'names whose likes were looked for',
            },
        ),
        migrations.CreateModel(
            name='LikePair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.PositiveSmallIntegerField(verbose_name='how alike, 85 to 100')),
                ('same_country', models.BooleanField(default=False, verbose_name='one country')),
                ('same_employer', models.BooleanField(default=False, verbose_name='one employer')),
                ('found_at', models.DateTimeField(verbose_name='found')),
                ('dismissed_at', models.DateTimeField(blank=True, null=True, verbose_name='found to be two')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
            ],
            options={
                'verbose_name': 'pair of like names',
                'verbose_name_plural': 'pairs of like names',
                'indexes': [models.Index(condition=models.Q(('dismissed_at', None)), fields=['-same_employer', '-same_country', '-score', 'id'], name='like_pairs_to_look_at')],
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='like_pair_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='like_pair_in_order')],
            },
        ),
    ]
