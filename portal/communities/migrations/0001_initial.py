import django.db.models.deletion
import portal.communities.models.organisations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='HealthCommunity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=120, verbose_name='navn')),
                ('post_receiver', models.CharField(blank=True, max_length=120, verbose_name='postmottak, ved')),
                ('post_address', models.EmailField(max_length=254, verbose_name='e-post til postmottak')),
                ('copy_receiver', models.CharField(blank=True, max_length=120, verbose_name='kopi til')),
                ('copy_address', models.EmailField(blank=True, max_length=254, verbose_name='e-post for kopi')),
            ],
            options={
                'verbose_name': 'helsefellesskap',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-post')),
                ('name', models.CharField(max_length=120, verbose_name='navn')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='telefon')),
                ('language', models.CharField(default='nb', max_length=5, verbose_name='språk')),
                ('is_active', models.BooleanField(default=True, verbose_name='kan logge inn')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'ordering': ('name', 'email'),
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('municipality', 'Kommune'), ('hospital_trust', 'Helseforetak'), ('regional_authority', 'Regionalt helseforetak'), ('user_organisation', 'Bruker- og pårørendeorganisasjon'), ('gp_practice', 'Fastlegekontor'), ('other', 'Annen')], max_length=20, verbose_name='type')),
                ('name', models.CharField(max_length=160, verbose_name='navn')),
                ('parallel_name', models.CharField(blank=True, max_length=160, verbose_name='parallelt navn')),
                ('orgnr', models.CharField(blank=True, max_length=9, null=True, unique=True, validators=[portal.communities.models.organisations.validate_orgnr], verbose_name='organisasjonsnummer')),
                ('orgnr_is_fictional', models.BooleanField(default=False, verbose_name='oppdiktet organisasjonsnummer')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='postmottak')),
                ('kommunenr', models.CharField(blank=True, max_length=4, null=True, unique=True, verbose_name='kommunenummer')),
                ('county', models.CharField(blank=True, max_length=60, verbose_name='fylke')),
                ('membership_is_inferred', models.BooleanField(default=False, verbose_name='tilhørigheten er ikke bekreftet')),
                ('hospital_area', models.CharField(blank=True, max_length=60, verbose_name='DPS-område eller helseregion')),
                ('sami_area', models.CharField(blank=True, max_length=20, verbose_name='samisk forvaltningsområde')),
                ('community', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisations', to='communities.healthcommunity')),
            ],
            options={
                'verbose_name': 'organisasjon',
                'ordering': ('name',),
            },
        ),
        migrations.AddField(
            model_name='healthcommunity',
            name='region',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='communities_in_region', to='communities.organisation', verbose_name='region'),
        ),
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True)),
                ('kind', models.CharField(choices=[('ssu', 'Strategisk samarbeidsutvalg'), ('fsu', 'Faglig samarbeidsutvalg'), ('pm', 'Partnerskapsmøte'), ('secretariat', 'Sekretariat'), ('tildelingsutvalg', 'Tildelingsutvalg')], max_length=20, verbose_name='type')),
                ('name', models.CharField(max_length=160, verbose_name='navn')),
                ('abbreviation', models.CharField(max_length=20, verbose_name='forkortelse')),
                ('mandate', models.TextField(blank=True, verbose_name='mandat')),
                ('authority', models.TextField(blank=True, verbose_name='myndighet etter')),
                ('decision_rule', models.CharField(choices=[('consensus', 'Konsensus'), ('simple_majority', 'Alminnelig flertall'), ('double_majority', 'Flertall på begge sider')], default='consensus', max_length=20, verbose_name='beslutningsregel')),
                ('quorum_percent', models.PositiveSmallIntegerField(default=50, verbose_name='vedtaksført ved')),
                ('quorum_needs_both_sides', models.BooleanField(default=True, verbose_name='begge sider må være til stede')),
                ('members_see_votes', models.BooleanField(default=True, verbose_name='viser hver stemme')),
                ('appointed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appoints', to='communities.body')),
                ('community', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bodies', to='communities.healthcommunity')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bodies', to='communities.organisation')),
            ],
            options={
                'verbose_name': 'organ',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Affiliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField(verbose_name='fra og med')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='til og med')),
                ('title', models.CharField(max_length=120, verbose_name='stilling')),
                ('may_sign', models.BooleanField(default=False, verbose_name='kan signere')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='affiliations', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='affiliations', to='communities.organisation')),
            ],
            options={
                'ordering': ('organisation__name', 'user__name'),
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_date', models.DateField(verbose_name='fra og med')),
                ('to_date', models.DateField(blank=True, null=True, verbose_name='til og med')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='stilling')),
                ('side', models.CharField(choices=[('municipality', 'Kommune'), ('hospital', 'Helseforetak'), ('user', 'Bruker'), ('gp', 'Fastlege'), ('union', 'Tillitsvalgt'), ('other', 'Annen')], max_length=20, verbose_name='side')),
                ('right', models.CharField(choices=[('vote', 'Stemmerett'), ('speak', 'Møte- og talerett')], default='vote', max_length=10, verbose_name='rettighet')),
                ('role', models.CharField(choices=[('chair', 'Leder'), ('vice_chair', 'Nestleder'), ('member', 'Medlem')], default='member', max_length=12, verbose_name='verv')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='communities.body')),
                ('deputy_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to='communities.seat')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='communities.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'plass',
                'ordering': ('body', 'side', 'user__name'),
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('orgnr_is_fictional', False), ('orgnr__isnull', False), _connector='OR'), name='communities_fictional_orgnr'),
        ),
        migrations.AddConstraint(
            model_name='body',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('community__isnull', False), ('region__isnull', True)), models.Q(('community__isnull', True), ('region__isnull', False)), _connector='OR'), name='communities_body_of_one'),
        ),
        migrations.AddConstraint(
            model_name='affiliation',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='communities_affiliation_term'),
        ),
        migrations.AddConstraint(
            model_name='affiliation',
            constraint=models.UniqueConstraint(fields=('user', 'organisation', 'from_date'), name='communities_one_affiliation'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('to_date', None), ('to_date__gte', models.F('from_date')), _connector='OR'), name='communities_seat_term'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('body', 'user', 'from_date'), name='communities_one_seat'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('deputy_for', None), models.Q(('deputy_for', models.F('pk')), _negated=True), _connector='OR'), name='communities_deputy_of_another'),
        ),
    ]
