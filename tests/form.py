"""What the sign-up of the real course asks."""

from bot.wording.form import read_form
from tests.frozen import REAL

FORM = read_form(REAL)
FIELDS, BY_NAME = FORM.fields, FORM.by_name
REQUIRED, OPTIONAL = FORM.required, FORM.optional
