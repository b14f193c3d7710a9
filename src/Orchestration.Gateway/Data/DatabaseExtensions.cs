using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Gateway.Authentication;
using Orchestration.ServiceDefaults.Data;

namespace Orchestration.Gateway.Data;

internal static class DatabaseExtensions
{
    /// <summary>The gateway's database. It stays ready without it: known keys go on for a while.</summary>
    public static WebApplicationBuilder AddGatewayDatabase(this WebApplicationBuilder builder, string database)
    {
        builder.AddServiceDatabase<WebApplicationBuilder, GatewayDbContext>(
            database,
            source => source.UseVector(),
            context => ((IRelationalDbContextOptionsBuilderInfrastructure)context.UseVector()).OptionsBuilder
                .UseSeeding((_, _) => throw new NotSupportedException("Seeding is asynchronous."))
                .UseAsyncSeeding((created, _, cancellationToken) => SeedAsync(builder.Configuration, created, cancellationToken)),
            extensions: ["vector"],
            optional: true);
        return builder;
    }

    // Runs at the end of every migration, under the migrator's role.
    private static Task SeedAsync(ConfigurationManager configuration, DbContext database, CancellationToken cancellationToken)
    {
        var keys = configuration.GetSection(KeyOptions.SectionName).Get<KeyOptions>() ?? new KeyOptions();
        var bootstrap = configuration.GetSection(BootstrapOptions.SectionName).Get<BootstrapOptions>() ?? new BootstrapOptions();
        if (new KeyOptionsValidator().Validate(null, keys) is { Failed: true } invalid)
            throw new OptionsValidationException(KeyOptions.SectionName, typeof(KeyOptions), invalid.Failures);
        return new Seeding(bootstrap, new SecretHasher(Options.Create(keys)), TimeProvider.System).RunAsync(database, cancellationToken);
    }
}
