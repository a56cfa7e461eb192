"""Addresses of funds."""

from django.urls import path

from waystation.stations.funds.views import accounts, budgeting, granting, spending, statements

app_name = "funds"
urlpatterns = [
    path("", accounts.account_list, name="list"),
    path("grant/", granting.new, name="grant-new"),
    path("grant/all/", granting.new_for_all, name="grant-all"),
    path("queue/", spending.queue, name="queue"),
    path("returned/", spending.returned, name="returned"),
    path("statement/", statements.page, name="statement"),
    path("statement/xlsx/", statements.xlsx, name="statement-xlsx"),
    path("statement/pdf/", statements.pdf, name="statement-pdf"),
    path("<uuid:pk>/", accounts.account, name="account"),
    path("<uuid:pk>/ledger/", accounts.ledger, name="ledger"),
    path("<uuid:pk>/ledger/xlsx/", accounts.ledger_xlsx, name="ledger-xlsx"),
    path("<uuid:pk>/close/", accounts.close, name="account-close"),
    path("<uuid:pk>/lines/new/", budgeting.line_new, name="line-new"),
    path("<uuid:pk>/changes/new/", budgeting.change_new, name="change-new"),
    path("<uuid:pk>/expenses/new/", spending.new, name="expense-new"),
    path("grants/<uuid:pk>/", granting.grant, name="grant"),
    path("grants/<uuid:pk>/receive/", granting.receive, name="grant-receive"),
    path("grants/<uuid:pk>/reverse/", granting.reverse, name="grant-reverse"),
    path("grants/<uuid:pk>/approve/", granting.approve, name="grant-approve"),
    path("grants/<uuid:pk>/return/", granting.send_back, name="grant-return"),
    path("changes/<uuid:pk>/", budgeting.change, name="change"),
    path("changes/<uuid:pk>/approve/", budgeting.approve, name="change-approve"),
    path("changes/<uuid:pk>/return/", budgeting.send_back, name="change-return"),
    path("expenses/<uuid:pk>/", spending.expense, name="expense"),
    path("expenses/<uuid:pk>/approve/", spending.approve, name="expense-approve"),
    path("expenses/<uuid:pk>/return/", spending.send_back, name="expense-return"),
    path("expenses/<uuid:pk>/reverse/", spending.reverse, name="expense-reverse"),
    path("expenses/<uuid:pk>/voucher/", spending.voucher, name="voucher"),
    path("expenses/<uuid:pk>/form/", spending.form, name="expense-form"),
]
