using System.Diagnostics;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Authentication;

/// <summary>Endpoint metadata: served only with a client key. Authorisation looks at the matched endpoint and at nothing in the address.</summary>
internal sealed class ClientKeyRequirement
{
    public static readonly ClientKeyRequirement Instance = new();
}

internal static class ClientKeyExtensions
{
    public static TBuilder RequireClientKey<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(ClientKeyRequirement.Instance);

    public static Caller GetCaller(this HttpContext context) => context.Features.GetRequired<Caller>();

    /// <summary>Checks the key before anything of the request is read.</summary>
    public static IApplicationBuilder UseClientKeys(this IApplicationBuilder app)
    {
        var authenticator = app.ApplicationServices.GetRequiredService<ClientAuthenticator>();
        var telemetry = app.ApplicationServices.GetRequiredService<GatewayTelemetry>();
        return app.Use(next => context => context.GetEndpoint()?.Metadata.GetMetadata<ClientKeyRequirement>() is null
            ? next(context)
            : AuthenticateAsync(context, next, authenticator, telemetry));
    }

    private static async Task AuthenticateAsync(HttpContext context, RequestDelegate next, ClientAuthenticator authenticator, GatewayTelemetry telemetry)
    {
        switch (await authenticator.AuthenticateClientAsync(context.Request, context.RequestAborted))
        {
            case AuthenticationOutcome.Accepted accepted when ScopeRequirement.Refuse(context, accepted.Caller) is { } refused:
                telemetry.Refused(refused);
                await context.WriteFailureAsync(refused);
                break;
            case AuthenticationOutcome.Accepted accepted:
                context.Features.Set(accepted.Caller);
                GatewayTelemetry.Describe(Activity.Current, accepted.Caller, context.GetRequestIdentity().Text);
                await next(context);
                break;
            case AuthenticationOutcome.Rejected rejected:
                telemetry.Refused(rejected.Failure);
                if (rejected.Failure.FailureClass == Contracts.Errors.V1.FailureClass.Unauthenticated)
                    context.Response.Headers.WWWAuthenticate = "Bearer";
                await context.WriteFailureAsync(rejected.Failure);
                break;
        }
    }
}
