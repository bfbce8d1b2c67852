"""Names and texts of the program's rows in other languages."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charter', '0005_who_signs_papers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'German'), ('es', 'Spanish')], max_length=12, verbose_name='language')),
                ('original', models.TextField(verbose_name='words of the row')),
                ('words', models.TextField(verbose_name='the same in this language')),
            ],
            options={
                'verbose_name': 'translated name',
                'verbose_name_plural': 'translated names',
                'constraints': [models.UniqueConstraint(models.F('language'), django.db.models.functions.text.MD5('original'), name='one_wording_a_language')],
            },
        ),
    ]
