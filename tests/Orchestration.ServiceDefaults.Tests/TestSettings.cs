using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Orchestration.ServiceDefaults.Tests;

/// <summary>Hosts as the services build them, configured by the test alone.</summary>
internal static class TestSettings
{
    public const string SigningKey = "kq0Zt1c9O2m5q0m3gX6dLw8Jb4sVh7uYpE1rTnAzBcU=";

    public static WebApplicationBuilder CreateBuilder(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))
                .Append(new("OTEL_SERVICE_NAME", "probe"))
                .Append(new("Identity:SigningKey", SigningKey)));
        return builder;
    }
}
