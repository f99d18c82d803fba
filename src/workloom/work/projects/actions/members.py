"""Who is in a project, and as what. Every function here takes a project that is locked or not yet seen by anybody."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from workloom.core.actor import Actor
from workloom.core.clock import now
from workloom.core.db import lock, write
from workloom.core.errors import Conflict, FieldError, Invalid, Missing
from workloom.events.record import record
from workloom.people.rights.rules import Role
from workloom.work.projects.events import MemberAdded, MemberRemoved, MemberUpdated, ProjectEvent
from workloom.work.projects.models import Project, ProjectMember
from workloom.work.projects.queries import is_stronger_role
from workloom.work.workspaces.actions import ensure_seat, give_up_guest_seat
from workloom.work.workspaces.models import Invitation, Workspace
from workloom.work.workspaces.queries import people_to_add
