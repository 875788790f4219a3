"""What the two schema checks share."""

import copy
import json
import subprocess

import jsonschema


def validator(*command):
    """The schema that a command prints, itself checked."""
    schema = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def accepted(schema, value, breaks):
    """The names of the ways to spoil a value that the schema lets through."""
    for name, spoil in breaks.items():
        broken = copy.deepcopy(value)
        spoil(broken)
        if schema.is_valid(broken):
            yield name
