from django.db import migrations

from workloom.core.search.schema import drop_inner_parts, index_inner_parts


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(index_inner_parts, drop_inner_parts)]
