"""How somebody wants each group of mail."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_exports_of_ones_data'),
    ]

    operations = [
        migrations.CreateModel(
            name='MailChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.SlugField(max_length=20, verbose_name='group of mail')),
                ('when', models.CharField(choices=[('at_once', 'at once'), ('daily', 'in one mail a day'), ('off', 'never')], max_length=10)),
                ('chosen_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_choices', to='people.person')),
            ],
            options={
                'verbose_name': 'choice about mail',
                'verbose_name_plural': 'choices about mail',
                'constraints': [models.UniqueConstraint(fields=('person', 'group'), name='one_choice_a_group')],
            },
        ),
    ]
