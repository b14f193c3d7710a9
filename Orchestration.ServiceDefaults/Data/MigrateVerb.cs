using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.ServiceDefaults.Data;

/// <summary>The argument <c>migrate</c>: no server is started, the exit code says whether the schema stands.</summary>
internal static partial class MigrateVerb
{
    public static async Task<int> RunAsync(WebApplication app)
    {
        await using var disposal = app;
        using var stop = new TerminationSignal();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Orchestration.Migrate");
        if (app.Services.GetService<MigrationRun>() is not { } migration)
        {
            Log.NoDatabase(logger);
            return 0;
        }

        try
        {
            await migration.RunAsync(stop.Token);
            return 0;
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, exception.Message);
            return 1;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "This service owns no database; nothing to migrate")]
        public static partial void NoDatabase(ILogger logger);

        [LoggerMessage(LogLevel.Critical, "The migration failed: {Reason}")]
        public static partial void Failed(ILogger logger, Exception exception, string reason);
    }
}
