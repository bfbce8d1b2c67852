"""A tie that stood while a case was judged bars on when its cause is gone, until a chair lifts it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("nominations", "0008_employer_of_second_nominators")]

    operations = [
        migrations.AddField(
            model_name="conflict",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="cause gone since"),
        ),
    ]
