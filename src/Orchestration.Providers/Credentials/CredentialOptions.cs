using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Credentials;

/// <summary>How vendors' keys are kept and when one is taken out of use.</summary>
internal sealed class CredentialOptions : MasterKeyOptions
{
    public const string SectionName = "Credentials";

    /// <summary>Longest time until a change in the database is seen when its notification is lost.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Refusals in a row after which a key is disabled.</summary>
    [Range(1, 100)]
    public int RefusalsUntilDisabled { get; set; } = 3;

    /// <summary>First pause of a key whose account is empty; it doubles up to six hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan ParkedFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time between two looks at an account's balance.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BalanceInterval { get; set; } = TimeSpan.FromMinutes(5);

    protected override string Section => SectionName;
}

[OptionsValidator]
internal sealed partial class CredentialOptionsValidator : IValidateOptions<CredentialOptions>;
