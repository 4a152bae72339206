"""What a row of the table can ask for."""

from keystead.kernel.rights import Right

PUBLIC = "public"
SIGNED_IN = "signed-in"

AT_SITES = " at sites"


def at_sites(right: Right) -> str:
    """A row that admits whoever has this right at some site or everywhere."""
    return f"{right}{AT_SITES}"


SEE, EDIT = at_sites(Right.SEE_REGISTER), at_sites(Right.EDIT_REGISTER)
HAND_OUT, EDIT_PEOPLE = at_sites(Right.HAND_OUT), at_sites(Right.EDIT_PEOPLE)
EXPORT = at_sites(Right.EXPORT)
GET_REGISTER = {"GET": SEE}
