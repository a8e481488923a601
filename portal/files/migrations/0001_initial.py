import portal.files.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.FileField(upload_to=portal.files.models.random_path)),
                ('scan', models.CharField(choices=[('not_needed', 'Laget av portalen'), ('clean', 'Kontrollert'), ('unscanned', 'Ikke viruskontrollert')], default='not_needed', max_length=12)),
                ('stored_at', models.DateTimeField()),
            ],
        ),
    ]
