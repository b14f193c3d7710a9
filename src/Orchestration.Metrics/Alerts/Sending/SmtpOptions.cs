using System.ComponentModel.DataAnnotations;
using MailKit.Security;
using Microsoft.Extensions.Options;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>The mail server. It is the operator's own setting, so it may be a private address.</summary>
internal sealed class SmtpOptions : IValidatableObject
{
    public const string SectionName = "Smtp";

    /// <summary>Host name; empty when no e-mail can be sent.</summary>
    public string Host { get; set; } = "";

    /// <summary>Port.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>"StartTls", "SslOnConnect" or, within a trusted network only, "None".</summary>
    public SecureSocketOptions Security { get; set; } = SecureSocketOptions.StartTls;

    /// <summary>User name; empty when the server asks for none.</summary>
    public string User { get; set; } = "";

    /// <summary>Password of the user.</summary>
    public string Password { get; set; } = "";

    /// <summary>File that holds the password; wins over <see cref="Password"/>.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>Sender of the messages, "Name &lt;alerts@example.com&gt;".</summary>
    public string From { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host.Length > 0 && !MimeKit.MailboxAddress.TryParse(From, out _))
            yield return new ValidationResult("Smtp:From must be an e-mail address when Smtp:Host is set.", [nameof(From)]);
        if (PasswordFile.Length > 0 && !File.Exists(PasswordFile))
            yield return new ValidationResult("Smtp:PasswordFile must name a file.", [nameof(PasswordFile)]);
    }
}

[OptionsValidator]
internal sealed partial class SmtpOptionsValidator : IValidateOptions<SmtpOptions>;
