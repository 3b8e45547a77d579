"""What encrypts traffic between pods: Istio's PeerAuthentication and Calico's FelixConfiguration."""

from k8snb.resources.base import Frozen, LabelSelector, Object


class MutualTLS(Frozen, frozen=True):
    """`mtls` of a PeerAuthentication."""

    mode: str | None = None


class PeerAuthenticationSpec(Frozen, frozen=True):
    """`spec` of a PeerAuthentication."""

    selector: LabelSelector | None = None
    mtls: MutualTLS | None = None
    portLevelMtls: dict[str, MutualTLS | None] | None = None


class PeerAuthentication(Object, frozen=True):
    """`security.istio.io/v1beta1 PeerAuthentication`."""

    spec: PeerAuthenticationSpec = PeerAuthenticationSpec()


class FelixConfigurationSpec(Frozen, frozen=True):
    """`spec` of a FelixConfiguration."""

    wireguardEnabled: bool | None = None
    wireguardEnabledV6: bool | None = None


class FelixConfiguration(Object, frozen=True):
    """`crd.projectcalico.org/v1 FelixConfiguration`."""

    spec: FelixConfigurationSpec = FelixConfigurationSpec()
