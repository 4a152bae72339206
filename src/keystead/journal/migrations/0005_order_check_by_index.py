"""PostgreSQL keeps the plan of a trigger as it was made, mostly while the journal was empty.

Made then, it read the whole journal for each new entry: the first 40 000 entries took 110 s
instead of 2. So the check may only go backwards through the index of the order.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE OR REPLACE FUNCTION journal_in_order() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
    IF NEW.sequence IS DISTINCT FROM 1 + COALESCE((SELECT sequence FROM journal_entry
            WHERE workspace_id = NEW.workspace_id ORDER BY sequence DESC LIMIT 1), 0) THEN
        RAISE EXCEPTION 'the journal only grows by the next entry';
    END IF;
    RETURN NEW;
END $$;
"""


def replace_function(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Check the same, by a plan that stays right while the journal grows."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)


class Migration(migrations.Migration):
    """The next entry's number is checked through the index, however the plan was made."""

    dependencies = [("journal", "0004_mentions_by_entry")]
    operations = [migrations.RunPython(replace_function)]
