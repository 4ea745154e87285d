"""The shop as a WSGI application that serves its pictures too."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from whitenoise import WhiteNoise

application = WhiteNoise(get_wsgi_application())
application.add_files(str(settings.MEDIA_ROOT), prefix=settings.MEDIA_URL)
