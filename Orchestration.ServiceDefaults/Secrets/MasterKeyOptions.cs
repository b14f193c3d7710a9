using System.ComponentModel.DataAnnotations;

namespace Orchestration.ServiceDefaults.Secrets;

/// <summary>Where a service's master key comes from.</summary>
public class MasterKeyOptions : IValidatableObject
{
    /// <summary>File that holds the master key in base64; wins over <see cref="MasterKey"/>.</summary>
    public string MasterKeyFile { get; set; } = "";

    /// <summary>Master key in base64, 32 bytes. Without one no secret can be stored.</summary>
    public string MasterKey { get; set; } = "";

    /// <summary>Master keys of earlier times in base64: rows under them stay readable.</summary>
    public IList<string> PreviousMasterKeys { get; } = [];

    /// <summary>Name of the section in messages.</summary>
    protected virtual string Section => "";

    public virtual IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MasterKey.Length > 0 && MasterKeys.Decode(MasterKey) is null)
            yield return new ValidationResult($"{Section}:MasterKey must be 32 bytes in base64.", [nameof(MasterKey)]);
        if (PreviousMasterKeys.Any(key => MasterKeys.Decode(key) is null))
            yield return new ValidationResult($"Every one of {Section}:PreviousMasterKeys must be 32 bytes in base64.", [nameof(PreviousMasterKeys)]);
        if (MasterKeyFile.Length > 0 && MasterKeys.ReadFile(MasterKeyFile) is null)
            yield return new ValidationResult($"{Section}:MasterKeyFile must name a readable file with 32 bytes in base64.", [nameof(MasterKeyFile)]);
    }
}
