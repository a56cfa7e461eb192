"""Settings of the floor: the product's database, the middleware and templates of a fresh Django project."""

from waystation.config.settings import *  # noqa: F403

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # the installed app asks for it; it does next to nothing
]
ROOT_URLCONF = "bench.nation.floor"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
