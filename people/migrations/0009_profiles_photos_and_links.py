"""Photos, links that were looked at, pages that are hidden, and when somebody said that theirs is right."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_like_names_without_a_pending_list'),
    ]

    operations = [
        migrations.AddField(
            model_name='person',
            name='hidden',
            field=models.BooleanField(default=False, verbose_name='hide my page from everybody else'),
        ),
        migrations.AddField(
            model_name='person',
            name='profile_asked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='asked whether it is right'),
        ),
        migrations.AddField(
            model_name='person',
            name='profile_confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='profile said to be right'),
        ),
        migrations.AddField(
            model_name='personlink',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='looked at'),
        ),
        migrations.AddField(
            model_name='personlink',
            name='verified_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='found to lead back here'),
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.BinaryField()),
                ('digest', models.CharField(max_length=16)),
                ('changed_at', models.DateTimeField(verbose_name='uploaded')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='photo', to='people.person')),
            ],
            options={
                'verbose_name': 'photo',
                'verbose_name_plural': 'photos',
            },
        ),
    ]
