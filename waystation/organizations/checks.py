"""System checks: no address without a guard ever starts."""

from django.core.checks import Error, Tags, register

from waystation.organizations.addresses import addresses


@register(Tags.security)
def every_address_has_a_guard(app_configs, **options):
    """An error for each address whose view says for nobody whom it admits (default deny)."""
    return [
        Error(
            f"The view of {address.route} ({address.name or 'no name'}) has no guard.",
            hint="Put @requires(...), @signed_in(...) or @public(...) on top of it.",
            id="organizations.E001",
        )
        for address in addresses()
        if not address.is_guarded
    ]
