"""A plain list: which upper rooms take part when something below them comes or goes."""

SEAMS: dict[str, list[str]] = {
    # (user, *, actor): somebody has an account now, or their address is proven to be theirs
    "person_registered": ["workloom.work.workspaces.actions.seat_verified_person"],
    "person_verified": ["workloom.work.workspaces.actions.seat_verified_person"],
    # (user, *, actor): what is personal of somebody is taken away for good
    "person_anonymised": ["workloom.outlets.notifications.actions.forget_person"],
    # (workspace, user_id, *, actor): before somebody's role in a workspace is taken away
    "workspace_member_leaves": ["workloom.work.projects.actions.leave_projects"],
    # (workspace, invitation, *, person, actor): a place kept in a project is taken
    "project_invitation_accepted": ["workloom.work.projects.actions.accept_project_invitation"],
    # (project, *, actor): a project was made and needs its furniture
    "project_made": ["workloom.work.workflows.actions.furnish_project", "workloom.work.boards.actions.furnish_project"],
    # (project, *, actor): a project went to the trash, or came back
    "project_trashed": [],
    "project_restored": ["workloom.work.tasks.actions.look_anew"],
    # (project, *, actor): a project's days begin at other times, or it is no longer put away
    "project_rescheduled": ["workloom.work.tasks.actions.look_anew"],
    # (project, *, actor): a project has another key
    "project_rekeyed": ["workloom.work.tasks.actions.take_new_keys"],
    # (project, *, actor): a project is about to be deleted for good
    "project_purged": [
        "workloom.work.tasks.actions.purge_project",
        "workloom.work.workflows.actions.drop_workflow",
        "workloom.outlets.webhooks.actions.drop_project",
    ],
    # (status, successor, *, actor): a status goes; its tasks move to the successor, or the change is refused when there is none
    "status_removed": ["workloom.work.tasks.actions.move_out_of_status"],
    # (status, *, actor): a status changed its category
    "status_recategorised": ["workloom.work.tasks.actions.follow_status_category"],
    # (change, *, actor): a project's statuses came, went or were renamed; the last word before rows of those gone are deleted
    "statuses_changed": ["workloom.work.boards.actions.follow_statuses"],
    # (board, successor, *, actor): a board goes; its tasks move to the successor
    "board_removed": ["workloom.work.tasks.actions.move_out_of_board"],
    # (label, *, actor) and (category, *, actor): before the row is deleted
    "label_removed": ["workloom.work.tasks.actions.take_label_off"],
    "category_removed": ["workloom.work.tasks.actions.take_category_off"],
    # (task, *, actor): a task is in another project now
    "task_resettled": [
        "workloom.work.checklists.actions.follow_task",
        "workloom.work.comments.actions.follow_task",
    ],
    # (tasks, *, actor): tasks went to the trash together, or came back
    "task_trashed": [],
    "task_restored": ["workloom.work.comments.actions.return_with_tasks"],
    # (task) -> bool: what guards of a workflow ask about a task and upper rooms know
    "checklists_done": ["workloom.work.checklists.queries.checklists_done"],
    "blockers_done": ["workloom.work.links.queries.blockers_done"],
    # (person_id) -> Recipient or None: how mail reaches somebody; exactly one answers
    "mail_recipient": ["workloom.people.accounts.queries.mail_recipient"],
}
