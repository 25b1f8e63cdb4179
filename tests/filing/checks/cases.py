"""For every check a filing it strikes, and one beside it that it lets pass."""

from tests.filing.checks import cases_of_contacts, cases_of_people, cases_of_website

CASES = (*cases_of_people.CASES, *cases_of_contacts.CASES, *cases_of_website.CASES)
