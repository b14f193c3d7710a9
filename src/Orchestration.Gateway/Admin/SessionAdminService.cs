using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Admin;

/// <summary>Lets operators sign in: by the printed link, or with their own key.</summary>
internal sealed class SessionAdminService(OperatorSessions sessions, OperatorAuthenticator authenticator) : SessionService.SessionServiceBase
{
    public override async Task<Session> SignIn(SignInRequest request, ServerCallContext context)
    {
        context.GetHttpContext().Features.Set(await WhoAsync(request.Token, context.CancellationToken));
        var (secret, expiresAt) = await sessions.OpenAsync(AdminCall.Of(context), context.CancellationToken);
        return new Session { Secret = secret, ExpiresAt = Timestamp.FromDateTimeOffset(expiresAt) };
    }

    private async Task<OperatorIdentity> WhoAsync(string token, CancellationToken cancellationToken)
    {
        if (ApiKey.TryParse(token) is { } key)
        {
            return await authenticator.AdmitKeyAsync(key, cancellationToken) switch
            {
                OperatorAdmission.Admitted admitted => admitted.Operator,
                OperatorAdmission.Refused { Failure.FailureClass: FailureClass.Unavailable } away => throw new FailureException(away.Failure),
                _ => throw Wrong(),
            };
        }

        return sessions.IsSignInToken(token) ? OperatorIdentity.Bootstrap : throw Wrong();
    }

    private static FailureException Wrong() => new(new Failure
    {
        FailureClass = FailureClass.Unauthenticated,
        Code = "invalid_sign_in_token",
        Message = "The sign-in token is not valid.",
    });
}
