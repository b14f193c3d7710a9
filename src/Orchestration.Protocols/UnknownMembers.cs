using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols;

/// <summary>Members of a plain request that the canonical model does not know.</summary>
internal static class UnknownMembers
{
    /// <summary>Writes them, but none that steers, none that the vendor refuses and none that is written already.</summary>
    public static void Write(Utf8JsonWriter writer, string extensions, IReadOnlySet<string> refused, EncodingWarnings warnings, params ReadOnlySpan<string> written)
    {
        foreach (var member in ExtraMembers.Parse(extensions).Members)
        {
            if (warnings.DropsSteering(member.Name))
                continue;
            if (refused.Contains(member.Name))
                warnings.Dropped(member.Name, $"The provider does not take '{member.Name}'.");
            else if (!written.Contains(member.Name))
                ExtraMembers.Write(writer, member);
        }
    }
}
