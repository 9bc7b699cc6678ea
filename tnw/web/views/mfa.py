"""A second factor besides the password, set up by each user: allauth's own views, kept in no cache, in our templates."""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn

from tnw.web.page import anybody, page

own = page(anybody)

# The second step of a sign-in, before anybody is signed in.
authenticate = base.authenticate

overview = own(base.index)
add_app = own(totp.activate_totp)
remove_app = own(totp.deactivate_totp)
add_passkey = own(webauthn.add_webauthn)
remove_passkey = own(webauthn.remove_webauthn)
recovery_codes = own(codes.view_recovery_codes)
new_recovery_codes = own(codes.generate_recovery_codes)
