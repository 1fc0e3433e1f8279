using LbTcp.Configuration.Settings;

namespace LbTcp.Configuration;

/// <summary>What differs between two options of one backend, for the log of a reload and for <c>lbtcp check --against</c>.</summary>
internal static class BackendDifference
{
    /// <summary>Compares two options.</summary>
    /// <returns>
    /// The settings that differ, in the order of <see cref="BackendSettings.All"/>, after the address if its text differs, and before the
    /// content of the files that TLS options name, if that differs.
    /// </returns>
    public static IReadOnlyList<SettingChange> Between(BackendOptions before, BackendOptions after)
    {
        IEnumerable<SettingChange> all = BackendKeys.Texts(before).Zip(
            BackendKeys.Texts(after), (old, @new) => new SettingChange(old.Name, old.Value, @new.Value));
        return
        [
            .. all
                .Prepend(new("address", before.Address.Text, after.Address.Text))
                .Append(new("tls_files", $"{before.TlsFiles}", $"{after.TlsFiles}"))
                .Where(change => change.Old != change.New),
        ];
    }
}
