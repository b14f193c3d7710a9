using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Admin;

internal sealed class SessionAdminService(OperatorSessions sessions) : SessionService.SessionServiceBase
{
    public override async Task<Session> SignIn(SignInRequest request, ServerCallContext context)
    {
        if (await sessions.SignInAsync(request.Token, context.CancellationToken) is not { } session)
        {
            throw new FailureException(new Failure
            {
                FailureClass = FailureClass.Unauthenticated,
                Code = "invalid_sign_in_token",
                Message = "The sign-in token is not valid.",
            });
        }

        return new Session { Secret = session.Secret, ExpiresAt = Timestamp.FromDateTimeOffset(session.ExpiresAt) };
    }
}
