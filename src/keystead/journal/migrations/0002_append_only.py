"""The journal only grows: the database refuses to change, delete, replace or skip an entry."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = """
CREATE TRIGGER journal_entry_in_order BEFORE INSERT ON journal_entry
WHEN NEW.sequence IS NOT 1 + COALESCE(
    (SELECT MAX(sequence) FROM journal_entry WHERE workspace_id = NEW.workspace_id), 0)
BEGIN SELECT RAISE(ABORT, 'the journal only grows by the next entry'); END;
CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END;
CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'the journal cannot be shortened'); END;
CREATE TRIGGER journal_mention_once BEFORE INSERT ON journal_mention
WHEN EXISTS (SELECT 1 FROM journal_mention WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END;
CREATE TRIGGER journal_mention_no_update BEFORE UPDATE ON journal_mention
BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END;
CREATE TRIGGER journal_mention_no_delete BEFORE DELETE ON journal_mention
BEGIN SELECT RAISE(ABORT, 'the journal cannot be shortened'); END;
"""

POSTGRESQL = """
CREATE FUNCTION journal_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sequence IS DISTINCT FROM 1 + COALESCE((SELECT MAX(sequence) FROM journal_entry
            WHERE workspace_id = NEW.workspace_id), 0) THEN
        RAISE EXCEPTION 'the journal only grows by the next entry';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal cannot be changed or shortened';
END $$;
CREATE TRIGGER journal_entry_in_order BEFORE INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_in_order();
CREATE TRIGGER journal_entry_fixed BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_mention_fixed BEFORE UPDATE OR DELETE ON journal_mention
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_mention_no_truncate BEFORE TRUNCATE ON journal_mention
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
"""


def add_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of the database in use."""
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in SQLITE.split("END;\n"):
                if statement.strip():
                    cursor.execute(statement + "END;")
    else:
        schema_editor.execute(POSTGRESQL, params=None)


class Migration(migrations.Migration):
    """Triggers that refuse anything but appending the next entry."""

    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(add_triggers)]
