from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_contact_particulars")]

    operations = [
        migrations.AddField(model_name="unit", name="opened_on", field=models.DateField(null=True)),
    ]
