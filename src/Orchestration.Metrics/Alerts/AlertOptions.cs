using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Metrics.Alerts;

/// <summary>How alerts are found and sent, and the master key of the channels' secrets.</summary>
internal sealed class AlertOptions : MasterKeyOptions
{
    public const string SectionName = "Alerts";

    /// <summary>False on a replica that neither looks for alerts nor sends them, such as one that has no way out. One at least must.</summary>
    public bool Active { get; set; } = true;

    /// <summary>Time between two looks at what is measured (error rates, backlog, catalogue).</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan EvaluationInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between two looks at what waits to be sent.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan DispatchInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest time that the far side of a channel may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:09")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>What a channel could not send for so long is given up.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a resolved alert is kept.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepResolved { get; set; } = TimeSpan.FromDays(90);

    protected override string Section => SectionName;
}

[OptionsValidator]
internal sealed partial class AlertOptionsValidator : IValidateOptions<AlertOptions>;
