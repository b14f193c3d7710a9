using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Data;

/// <summary>Where the service's database is.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "Database";

    /// <summary>Address of the server, <c>tcp://host:port</c>.</summary>
    [Required]
    public string Endpoint { get; set; } = "";

    /// <summary>Password of the service's login role.</summary>
    [Required]
    public string Password { get; set; } = "";

    /// <summary>Further keywords of the driver's connection string, for example <c>SSL Mode=VerifyFull</c>.</summary>
    public string Options { get; set; } = "";

    /// <summary>Longest time that one statement may run.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most connections that the process opens.</summary>
    [Range(1, 1_000)]
    public int MaxPoolSize { get; set; } = 20;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) || uri.Scheme != "tcp" || uri.Host.Length == 0)
        {
            yield return new ValidationResult("Database:Endpoint must look like tcp://host:port.", [nameof(Endpoint)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>;
