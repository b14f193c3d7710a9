using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Orchestration.ServiceDefaults.Identity;

/// <summary>How services recognise each other.</summary>
public sealed class ServiceIdentityOptions : IValidatableObject
{
    /// <summary>Name of the configuration section.</summary>
    public const string SectionName = "Identity";

    /// <summary>Secret that all services share, base64 of 32 random bytes or more.</summary>
    [Required]
    public string SigningKey { get; set; } = "";

    /// <summary>How long a token is good for, at most a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:01:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How far the clocks of two machines may differ, at most a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var key = new byte[SigningKey.Length];
        if (!Convert.TryFromBase64String(SigningKey, key, out var length) || length < 32)
        {
            yield return new ValidationResult("Identity:SigningKey must be base64 of at least 32 bytes.", [nameof(SigningKey)]);
        }
        else if (key.AsSpan(0, length).ToArray().Distinct().Count() < 8)
        {
            yield return new ValidationResult("Identity:SigningKey is a placeholder; generate a random one.", [nameof(SigningKey)]);
        }
    }
}

[OptionsValidator]
internal sealed partial class ServiceIdentityOptionsValidator : IValidateOptions<ServiceIdentityOptions>;
