using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway;

/// <summary>The edge's own settings.</summary>
internal sealed class GatewayOptions
{
    public const string SectionName = "Gateway";

    /// <summary>Folder of what a replica keeps over a restart: the last route table. One per replica.</summary>
    [Required]
    public string DataDirectory { get; set; } = ".data/gateway";

    /// <summary>Name of this replica in Routing's acknowledgements; empty takes machine name and process id.</summary>
    [MaxLength(128)]
    public string Instance { get; set; } = "";

    /// <summary>The name that this replica goes by.</summary>
    public string InstanceName => Instance.Length > 0
        ? Instance
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>
    /// Networks of the proxies before this gateway, for example "10.0.0.0/8". Only what they say in <c>X-Forwarded-For</c> is taken for a
    /// client's address; empty takes the address of the connection.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Largest request body.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxRequestBodyBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// Most bytes of one answer that the server holds for a client that reads slowly; what it holds beyond is a matter of the operating system. A stream of a fast
    /// client never fills it.
    /// </summary>
    [Range(4 * 1024, 1024 * 1024)]
    public int MaxUnreadBytes { get; set; } = 16 * 1024;

    /// <summary>Silence on a stream that began after which a comment line tells the client that it is alive.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan HeartbeatAfter { get; set; } = TimeSpan.FromSeconds(12);

    /// <summary>How long a client may take to make room for what was sent to it on a stream; then it is cut off, and its request is settled.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan SlowReaderAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest wait for the class of a prompt; after it the route's default class is taken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan ClassifyTimeout { get; set; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Longest wait for the ledger and for Indexing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after a request's total deadline its metering may still go on.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan SettlementGrace { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Total deadline of a request whose route names none.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "02:00:00")]
    public TimeSpan DefaultDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Age of the last word from Routing after which readiness says degraded.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RouteTableStaleAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest life of an ingestion token.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan IngestionTokenLifetime { get; set; } = TimeSpan.FromHours(1);
}

[OptionsValidator]
internal sealed partial class GatewayOptionsValidator : IValidateOptions<GatewayOptions>;
