"""Addresses of workspaces: landing, switching, joining, and a workspace's own settings."""

from django.urls import URLPattern, URLResolver, include, path

from troth.workspaces.views import home, invitations, joins, members, teams, workspaces

app_name = "workspaces"

_settings = [
    path("", workspaces.settings, name="settings"),
    path("name/", workspaces.rename, name="rename"),
    path("members/", members.index, name="members"),
    path("members/leave/", members.leave, name="leave"),
    path("members/<uuid:membership_id>/role/", members.change_role, name="change_role"),
    path("members/<uuid:membership_id>/remove/", members.remove, name="remove_member"),
    path("invitations/", invitations.create, name="invite"),
    path("invitations/<uuid:invitation_id>/resend/", invitations.resend, name="resend_invitation"),
    path("invitations/<uuid:invitation_id>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("teams/", teams.index, name="teams"),
    path("teams/new/", teams.create, name="create_team"),
    path("teams/<uuid:team_id>/", teams.show, name="team"),
    path("teams/<uuid:team_id>/name/", teams.rename, name="rename_team"),
    path("teams/<uuid:team_id>/members/", teams.choose, name="choose_team_members"),
    path("teams/<uuid:team_id>/delete/", teams.delete, name="delete_team"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("workspaces/", workspaces.index, name="index"),
    path("workspaces/menu/", workspaces.menu, name="menu"),
    path("workspaces/new/", workspaces.create, name="create"),
    path("join/", joins.join, name="join"),
    path("join/accept/", joins.accept, name="accept_invitation"),
    path("join/decline/", joins.decline, name="decline_invitation"),
    path("join/<str:token>/", joins.open_invitation, name="open_invitation"),
    path("w/<slug:handle>/", home.entrance, name="entrance"),
    path("w/<slug:handle>/settings/", include(_settings)),
]
