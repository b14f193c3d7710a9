using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Client;

/// <summary>Where the gateway is, which key to show it, and how long to try.</summary>
public sealed class OrchestrationClientOptions : IValidatableObject
{
    /// <summary>Customary name of the configuration section; binding it is up to the application.</summary>
    public const string SectionName = "Orchestration";

    /// <summary>Address of the gateway's gRPC endpoint, http or https, for example "http://localhost:8081". Read once, when the connection is made.</summary>
    [Required]
    public Uri? Address { get; set; }

    /// <summary>Key of a project, "sk-orc_…". Read for every call, so that a rotated key needs no restart.</summary>
    [Required]
    public string ApiKey { get; set; } = "";

    /// <summary>Model, alias or route to use when a request names none.</summary>
    [Required]
    public string Model { get; set; } = "auto";

    /// <summary>Model or alias to embed with when a request names none.</summary>
    [Required]
    public string EmbeddingModel { get; set; } = "embedding";

    /// <summary>Model or alias to rank with when a request names none.</summary>
    [Required]
    public string RerankModel { get; set; } = "rerank";

    /// <summary>Longest time that one request may take, with all its retries and waits; 1 second to 1 hour, 10 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a request that failed in passing is sent again, with the same idempotency key; 0 to 10, 2 by default.</summary>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = 2;

    /// <summary>Wait before the first retry where the gateway names none; doubled for each further one. 1 ms to 1 minute, 500 ms by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest single wait; when the gateway asks for a longer one, the failure is told at once. 1 ms to 10 minutes, 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks what annotations cannot say.</summary>
    /// <param name="validationContext">Not used.</param>
    /// <returns>What is wrong; never the key itself.</returns>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address is { } address && (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)))
            yield return new ValidationResult("The address must begin with http:// or https://.", [nameof(Address)]);
        if (ApiKey.AsSpan().ContainsAnyExceptInRange('!', '~'))
            yield return new ValidationResult("The key holds spaces, line breaks or letters beyond ASCII.", [nameof(ApiKey)]);
    }
}

[OptionsValidator]
internal sealed partial class OrchestrationClientOptionsValidator : IValidateOptions<OrchestrationClientOptions>;
