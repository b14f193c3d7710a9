using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.ServiceDefaults.Messaging;

namespace Orchestration.ServiceDefaults.Hosting;

/// <summary>The ordinary run of a service: one clear line when it cannot start, and a warning on an unpatched runtime.</summary>
internal static partial class ServiceRun
{
    // 10.0.12 and older lack two denial-of-service fixes in the HTTP server.
    private static readonly Version SecurityFloor = new(10, 0, 13);

    public static async Task<int> RunAsync(WebApplication app)
    {
        var service = app.Services.GetRequiredService<ServiceInfo>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Orchestration.Service");
        if (IsBelowFloor(Environment.Version))
        {
            Log.RuntimeBelowFloor(logger, Environment.Version, SecurityFloor);
        }

        ThreadReserve.Ensure();
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (app.Lifetime.ApplicationStopping.IsCancellationRequested && BrokerAbsence.Explains(exception))
        {
            return 0;
        }
        catch (Exception exception)
        {
            // The host disposes its loggers when it fails, so the last word goes to the error stream itself.
            await Console.Error.WriteLineAsync($"{service.Name} stopped: {exception.Message}");
            Log.Stopped(logger, exception, service.Name);
            return 1;
        }
    }

    internal static bool IsBelowFloor(Version runtime) => runtime < SecurityFloor;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The .NET runtime is {Runtime}; security fixes of {Floor} are missing. Update the runtime or publish self-contained on a newer one")]
        public static partial void RuntimeBelowFloor(ILogger logger, Version runtime, Version floor);

        [LoggerMessage(LogLevel.Critical, "{Service} stopped because of an error")]
        public static partial void Stopped(ILogger logger, Exception exception, string service);
    }
}
