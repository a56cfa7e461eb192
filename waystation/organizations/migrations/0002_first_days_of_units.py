from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        migrations.AddField(model_name="unit", name="opened_on", field=models.DateField(null=True)),
    ]
