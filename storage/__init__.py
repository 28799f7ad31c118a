"""Tables, migrations, encryption at rest, and one repository per thing stored. Knows the dialogue's records only."""
