using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Execution;

internal static class StopRefusal
{
    /// <summary>Turns clients away from a gateway that stops, before anything of their requests is read. Admission refuses the rest.</summary>
    public static IApplicationBuilder UseStopRefusal(this IApplicationBuilder app)
    {
        var running = app.ApplicationServices.GetRequiredService<RunningRequests>();
        var telemetry = app.ApplicationServices.GetRequiredService<GatewayTelemetry>();
        return app.Use(next => context =>
        {
            if (!running.IsStopping || context.GetEndpoint()?.Metadata.GetMetadata<ClientKeyRequirement>() is null)
                return next(context);
            var failure = Failures.ShuttingDown();
            telemetry.Refused(failure);
            return context.WriteFailureAsync(failure);
        });
    }
}
