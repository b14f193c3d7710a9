using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.Providers.Credentials;

/// <summary>How vendors' keys are kept and when one is taken out of use.</summary>
internal sealed class CredentialOptions : IValidatableObject
{
    public const string SectionName = "Credentials";

    /// <summary>File that holds the master key in base64; wins over <see cref="MasterKey"/>.</summary>
    public string MasterKeyFile { get; set; } = "";

    /// <summary>Master key in base64, 32 bytes. Without one no key can be stored.</summary>
    public string MasterKey { get; set; } = "";

    /// <summary>Master keys of earlier times in base64: rows under them stay readable.</summary>
    public IList<string> PreviousMasterKeys { get; } = [];

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

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MasterKey.Length > 0 && MasterKeys.Decode(MasterKey) is null)
            yield return new ValidationResult("Credentials:MasterKey must be 32 bytes in base64.", [nameof(MasterKey)]);
        if (PreviousMasterKeys.Any(key => MasterKeys.Decode(key) is null))
            yield return new ValidationResult("Every one of Credentials:PreviousMasterKeys must be 32 bytes in base64.", [nameof(PreviousMasterKeys)]);
        if (MasterKeyFile.Length > 0 && MasterKeys.ReadFile(MasterKeyFile) is null)
            yield return new ValidationResult("Credentials:MasterKeyFile must name a readable file with 32 bytes in base64.", [nameof(MasterKeyFile)]);
    }
}

[OptionsValidator]
internal sealed partial class CredentialOptionsValidator : IValidateOptions<CredentialOptions>;
