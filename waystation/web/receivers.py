"""What the tree below tells the task centre."""

from django.dispatch import receiver

from waystation.kernel.models import Job
from waystation.organizations.paths import follow
from waystation.organizations.signals import unit_moved


@receiver(unit_moved, dispatch_uid="web.unit_moved")
def unit_has_moved(sender, unit, old_path, new_path, **kwargs):
    """Tasks of the unit are found where the unit lies now."""
    follow(Job, "unit_path", old_path=old_path, new_path=new_path)
