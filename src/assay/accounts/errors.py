"""What accounts can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class Unauthenticated(AppError):
    """No key or session, or one that Assay does not know."""

    kind = Kind.UNAUTHENTICATED
    code = "unauthenticated"


class KeyRevoked(AppError):
    """The key was revoked."""

    kind = Kind.FORBIDDEN
    code = "key_revoked"


class KeyExpired(AppError):
    """The key's time is over."""

    kind = Kind.FORBIDDEN
    code = "key_expired"


class OrganisationSuspended(AppError):
    """The organisation may not use Assay at present."""

    kind = Kind.FORBIDDEN
    code = "organisation_suspended"


class SignInLinkSpent(AppError):
    """The sign-in link was used before, is too old, or never existed."""

    kind = Kind.UNAUTHENTICATED
    code = "sign_in_link_spent"


class OrganisationNotFound(AppError):
    """There is no such organisation."""

    kind = Kind.NOT_FOUND
    code = "organisation_not_found"


class MemberExists(AppError):
    """The organisation has a member with this e-mail address already."""

    kind = Kind.CONFLICT
    code = "member_exists"


class KeyNotFound(AppError):
    """The organisation has no such key."""

    kind = Kind.NOT_FOUND
    code = "key_not_found"


class AccountValueInvalid(AppError):
    """A name, address, role or time that cannot be used."""

    kind = Kind.INVALID
    code = "account_value_invalid"
