using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Authentication;

/// <summary>How client keys are checked.</summary>
internal sealed class KeyOptions
{
    public const string SectionName = "Keys";

    /// <summary>Secret that key secrets are hashed with; it never stands in the database, so a copy of the database opens nothing.</summary>
    [Required, MinLength(32)]
    public string Pepper { get; set; } = "";

    /// <summary>Stands in keys that this installation makes, so that one sees where a key belongs.</summary>
    [RegularExpression("^[0-9A-Za-z]{1,16}$")]
    public string Environment { get; set; } = "live";

    /// <summary>How long a looked-up key is trusted without asking again; it is forgotten at once when the change log tells of it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a known key goes on being served while the database is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ServeStaleFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest wait for the database when a known key's entry is due for renewal.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan RenewalWait { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait for the database when a key is seen for the first time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan LookupTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest pause between two looks at the change log when nobody says that it grew; bounds how long a revoked key lives.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan ChangesEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Failed attempts of one address (of one /64 with IPv6) in a minute, after which keys that nobody knows are not looked up for it any more.</summary>
    [Range(1, 1_000_000)]
    public int FailedAttemptsPerMinute { get; set; } = 300;

    /// <summary>How often the last use of keys is written.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan UsesEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long before the end of a key its end is told.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan TellExpiryBefore { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often keys that come to their end are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan ExpiryLookEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most keys remembered, known and unknown ones each.</summary>
    [Range(16, 1_000_000)]
    public int MaxCached { get; set; } = 10_000;
}

[OptionsValidator]
internal sealed partial class KeyOptionsValidator : IValidateOptions<KeyOptions>;
