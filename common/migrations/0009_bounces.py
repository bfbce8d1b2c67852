"""Reports of mail that came back."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0008_mail_of_the_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bounce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(max_length=64, unique=True, verbose_name='digest of the report')),
                ('email', models.EmailField(max_length=254)),
                ('kind', models.CharField(choices=[('hard', 'hard: there is no such mailbox'), ('soft', 'soft: full or away for now'), ('complaint', 'complaint: its reader calls it unwanted')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('noted_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='works again since')),
                ('mail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='bounces', to='common.outboxmail')),
            ],
            options={
                'verbose_name': 'bounce',
                'verbose_name_plural': 'bounces',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('lifted_at', None)), fields=['email'], name='bounces_by_address')],
            },
        ),
    ]
