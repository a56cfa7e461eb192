"""Addresses of appraisals."""

from django.urls import path

from waystation.stewardship.appraisals.views import boxes, members, mine, results, rounds, scoring

app_name = "appraisals"
urlpatterns = [
    path("", rounds.round_list, name="list"),
    path("new/", rounds.new, name="new"),
    path("members/", members.member_list, name="member-list"),
    path("members/ledger/", results.member_ledger, name="member-ledger"),
    path("figures/", results.figures, name="figures"),
    path("figures/ledger/", results.figures_ledger, name="figures-ledger"),
    path("due/station/", scoring.due_station, name="due-station"),
    path("due/origin/", scoring.due_origin, name="due-origin"),
    path("assess/station/<uuid:pk>/", scoring.score_station, name="score-station"),
    path("assess/origin/<uuid:pk>/", scoring.score_origin, name="score-origin"),
    path("assess/for/<uuid:pk>/", scoring.hand_in_for, name="hand-in-for"),
    path("mine/", mine.mine, name="mine"),
    path("mine/assess/<uuid:pk>/", mine.assess, name="my-assessment"),
    path("mine/result/<uuid:pk>/", mine.result, name="my-result"),
    path("mine/received/<uuid:pk>/", mine.received, name="my-notice-received"),
    path("member/<uuid:pk>/", members.member, name="member"),
    path("member/<uuid:pk>/consult/", members.consult, name="consult"),
    path("member/<uuid:pk>/consult/answer/", members.consult_answer, name="consult-answer"),
    path("member/<uuid:pk>/propose/", members.propose, name="propose"),
    path("member/<uuid:pk>/reply/", members.reply_for, name="reply-for"),
    path("member/<uuid:pk>/decide/", members.decide, name="decide"),
    path("letters/", results.letters, name="letters"),
    path("notice/<uuid:pk>/received/", results.letter_received, name="letter-received"),
    path("notice/<uuid:pk>/handed/", results.feedback_received, name="feedback-received"),
    path("notice/<uuid:pk>/<slug:form>/", results.notice_paper, name="notice-paper"),
    path("ballot/cast/", boxes.ballot_cast, name="ballot-cast"),
    path("ballot/<uuid:pk>/", boxes.ballot, name="ballot"),
    path("box/<uuid:pk>/", boxes.box, name="box"),
    path("box/<uuid:pk>/papers/", boxes.papers_sheet, name="papers"),
    path("box/<uuid:pk>/cancel/", boxes.cancel_papers, name="cancel-papers"),
    path("box/<uuid:pk>/voters/", boxes.mark, name="mark-voters"),
    path("box/<uuid:pk>/count/", boxes.count, name="count"),
    path("box/<uuid:pk>/close/", boxes.close, name="close-box"),
    path("<uuid:pk>/", rounds.appraisal_round, name="round"),
    path("<uuid:pk>/edit/", rounds.edit, name="edit"),
    path("<uuid:pk>/propose/", members.propose_all, name="propose-all"),
    path("<uuid:pk>/box/", boxes.open_box, name="open-box"),
    path("<uuid:pk>/notices/", results.notice_list, name="notice-list"),
    path("<uuid:pk>/step/<slug:step>/", rounds.step, name="step"),
]
