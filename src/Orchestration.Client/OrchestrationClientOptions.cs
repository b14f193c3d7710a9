using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Client;

/// <summary>Where the gateway is and which key to show it.</summary>
public sealed class OrchestrationClientOptions
{
    /// <summary>Customary name of the configuration section; binding it is up to the application.</summary>
    public const string SectionName = "Orchestration";

    /// <summary>Address of the gateway's gRPC endpoint, for example "http://localhost:8081".</summary>
    [Required]
    public Uri? Address { get; set; }

    /// <summary>Key of a project, "sk-orc_…".</summary>
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

    /// <summary>Longest time that one request may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);
}

[OptionsValidator]
internal sealed partial class OrchestrationClientOptionsValidator : IValidateOptions<OrchestrationClientOptions>;
