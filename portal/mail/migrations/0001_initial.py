from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('kind', models.CharField(max_length=60)),
                ('subject_type', models.CharField(max_length=80)),
                ('subject_id', models.CharField(max_length=40)),
                ('recipient', models.EmailField(max_length=254)),
                ('copy_to', models.EmailField(blank=True, max_length=254)),
                ('language', models.CharField(default='nb', max_length=5)),
                ('title', models.CharField(max_length=200)),
                ('body_text', models.TextField()),
                ('body_html', models.TextField()),
                ('queued_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('attachments', models.ManyToManyField(blank=True, related_name='+', to='files.storedfile')),
            ],
            options={
                'ordering': ('-queued_at', '-pk'),
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='mail_by_subject')],
            },
        ),
    ]
